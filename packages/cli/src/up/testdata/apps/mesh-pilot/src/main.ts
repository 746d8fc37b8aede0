import '../../fake.ts'
